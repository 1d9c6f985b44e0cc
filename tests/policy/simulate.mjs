// Evaluates requests with iam-simulate: reads one batch per line from stdin until it ends, and
// writes the batch's verdicts as one line to stdout.
// batch: {policies: {name: policy | null}, resource: {resource, accountId}, requests: [request]}
// request: {policy: name, principal: ARN | service | null, iam: [action…], action, context}
import { createInterface } from 'node:readline'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

const identityPolicy = (actions) => ({
  name: 'iam',
  policy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }]
  }
})

async function evaluate(batch, { policy, principal, iam, action, context }) {
  if (!(policy in batch.policies)) throw new Error(`no such policy: ${policy}`)
  const simulation = {
    request: {
      principal: principal ?? anonymousPrincipal,
      action,
      resource: batch.resource,
      contextVariables: context
    },
    identityPolicies: iam.length ? [identityPolicy(iam)] : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: batch.policies[policy] ?? undefined
  }
  const { resultType, errors, overallResult, result } = await runSimulation(simulation, {})
  // It ignores unknown context keys, so the verdict would be that for another request.
  if (resultType !== 'single' || result.ignoredContextKeys.length)
    throw new Error(JSON.stringify({ simulation, errors, ignored: result?.ignoredContextKeys }))
  return overallResult
}

for await (const line of createInterface({ input: process.stdin })) {
  const batch = JSON.parse(line)
  const verdicts = []
  for (const request of batch.requests) verdicts.push(await evaluate(batch, request))
  process.stdout.write(JSON.stringify(verdicts) + '\n')
}
