/** By this header the API's firewall knows what comes through the CDN. */
export const EDGE_HEADER = "x-shoebox-edge";
