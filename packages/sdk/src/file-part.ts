/** A file of a form: a `Blob` or `File`, or in React Native the description of a file of the device. */
export type FilePart = Blob | NativeFile;

/** What React Native's `FormData` takes for a file. `type` is its content type. */
export type NativeFile = { uri: string; name: string; type: string };
