// Evaluates JSONata expressions in the reference implementation.
// Input: [{"expression", "states"}, …] on standard input; output: the results, in the same order.
import jsonata from "jsonata";
import { text } from "node:stream/consumers";

const results = [];
for (const { expression, states } of JSON.parse(await text(process.stdin))) {
  results.push((await jsonata(expression).evaluate({}, { states })) ?? null);
}
process.stdout.write(JSON.stringify(results));
