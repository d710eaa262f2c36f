/** Contrast of text on its ground is above 4.5 in both schemes (WCAG 2.2, 1.4.3). */
export const signInStyle = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --text: #1b1f24;
  --quiet: #57606a; --line: #8c959f; --accent: #0b57a4; --on-accent: #fff; --bad: #a40e26 }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1318; --card: #1a2028; --text: #e6eaef; --quiet: #a5b0bc;
    --line: #6b7684; --accent: #7cb8ff; --on-accent: #0b1117; --bad: #ff9aa5 }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 24rem; padding: 1.5rem; border-radius: .75rem;
  background: var(--card); border: 1px solid var(--line) }
h1 { margin: 0 0 1rem; font-size: 1.5rem }
.brand { margin: 0; color: var(--quiet); font-weight: 600 }
form + form { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line) }
label { display: block; margin-top: .75rem; font-weight: 600 }
input, button { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border-radius: .5rem;
  font: inherit }
input { border: 1px solid var(--line); background: var(--ground); color: inherit }
button { margin-top: 1rem; border: 1px solid var(--accent); background: var(--accent);
  color: var(--on-accent); font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.hint { margin: .5rem 0 0; color: var(--quiet); font-size: .875rem }
.problem { margin: 0 0 1rem; color: var(--bad); font-weight: 600 }
`
