import { Upload } from "tus-js-client";

/**
 * Sends a file in parts that go on where a broken line left off, also after the page was loaded again.
 * Returns the upload's id.
 */
export function sendFile(
  org: string,
  file: File,
  onProgress: (sent: number, total: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `/api/organisations/${org}/uploads`,
      chunkSize: 16 << 20,
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000],
      metadata: { filename: file.name },
      // the same file sent again goes on with what is there
      fingerprint: async (one) =>
        `plumbline/${org}/${(one as File).name}/${(one as File).size}/${(one as File).lastModified}`,
      removeFingerprintOnSuccess: true,
      onProgress,
      onSuccess: () => resolve(upload.url!.split("/").at(-1)!),
      onError: (error) => {
        const text = "originalResponse" in error ? (error.originalResponse?.getBody() ?? "") : "";
        let detail = "";
        try {
          detail = (JSON.parse(text) as { detail?: string }).detail ?? "";
        } catch {
          // no answer of ours: the line broke
        }
        reject(
          new Error(
            detail || "The upload failed because the connection was lost. Choose the file again to resume.",
          ),
        );
      },
    });
    signal.addEventListener("abort", () => {
      void upload.abort(true);
      reject(new Error("Stopped."));
    });
    void upload.findPreviousUploads().then((before) => {
      if (before.length > 0) upload.resumeFromPreviousUpload(before[0]);
      upload.start();
    });
  });
}
