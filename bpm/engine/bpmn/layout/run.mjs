// Lays out BPMN processes with bpmn-auto-layout: a JSON object of files in, one JSON line for each file out.
import { pathToFileURL } from "node:url";

const { layoutProcess } = await import(pathToFileURL(process.argv[2]).href);
const parts = [];
for await (const part of process.stdin) parts.push(part);
for (const [key, xml] of Object.entries(JSON.parse(Buffer.concat(parts).toString("utf8")))) {
  let answer;
  try {
    answer = { key, xml: await layoutProcess(xml) };
  } catch (error) {
    answer = { key, problem: String(error?.message ?? error).slice(0, 300) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
