// What every page does with a contender's `check`: the first body as soon as it can, and where the visit is about the
// answers all others after it. Reports to the server that the page comes from.
export const settings = JSON.parse(document.getElementById('settings').textContent);

const post = (path, value) => fetch(path, { method: 'POST', body: JSON.stringify(value) });

const refusedByPolicy = new Set();
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  refusedByPolicy.add(`${effectiveDirective} ${blockedURI}`);
});
addEventListener('error', ({ message }) => post('/failed', { reason: message }));
addEventListener('unhandledrejection', ({ reason }) => post('/failed', { reason: String(reason?.message ?? reason) }));

/** What goes on now; nothing waits for it. */
export const progress = (step) => void navigator.sendBeacon('/progress', JSON.stringify({ step }));

async function answer(check, { scenario, body }) {
  try {
    const problem = (await check(scenario, body)) ?? null;
    // Messages stay here: one may quote half of a surrogate pair, which JSON cannot carry to every reader.
    return { problem: problem && { status: problem.status, errors: problem.errors?.map(({ field }) => ({ field })) } };
  } catch (error) {
    return { threw: String(error?.message ?? error) };
  }
}

/** `check(scenario, body)` returns nothing for a body that is right, else the problem: `status`, and `errors` by field. */
export async function visit(check) {
  const first = await answer(check, settings.first);
  const ms = performance.now(); // since the navigation began
  await post('/first', { ms, answer: first });
  if (!settings.all) return;
  const answers = [];
  for (const one of await (await fetch('/cases.json')).json()) answers.push(await answer(check, one));
  await post('/answers', { answers, policy: [...refusedByPolicy] });
}
