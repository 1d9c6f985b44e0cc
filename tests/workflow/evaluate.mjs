// Evaluates JSONata expressions in the reference implementation.
// Input: [{"expression", "states"}, …] on standard input; output: the results, in the same order.
import jsonata from "jsonata";
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";

const results = [];
for (const { expression, states } of JSON.parse(await text(process.stdin))) {
  const parsed = jsonata(expression);
  // Step Functions' own function.
  parsed.registerFunction("hash", (source) => createHash("sha256").update(source).digest("hex"));
  results.push((await parsed.evaluate({}, { states })) ?? null);
}
process.stdout.write(JSON.stringify(results));
