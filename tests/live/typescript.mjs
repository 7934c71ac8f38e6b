// What the compiler says of a program that uses a generated client.
import ts from "typescript";

/** The compiler's complaints about FOLDER/use.ts, which stands below this folder. */
export function complaints(folder) {
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };
  const program = ts.createProgram([`${folder}/use.ts`], options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
