export { handler } from "@shoebox/shared/auth/authorizer-function";
