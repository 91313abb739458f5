import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import GoldenRetriever from "@uppy/golden-retriever";

/** A page as an application has it; tests drive `window.uppy` as its buttons would. */
function start(endpoint: string) {
  const uppy = new Uppy();
  uppy.on("file-added", ({ id, size }) => uppy.setFileMeta(id, { size }));
  uppy.use(AwsS3, { companionEndpoint: endpoint });
  uppy.use(GoldenRetriever);
  return uppy;
}

Object.assign(window, { start });
