/**
 * Colours, font and radii are those of the viewer (viewer/style.css): the same house, so that nobody
 * wonders where they type their password. Contrast of text on its ground is above 4.5 in both
 * schemes (WCAG 2.2, 1.4.3).
 */
export const signInStyle = `
:root { color-scheme: light dark; --ground: #f4f6f7; --card: #fff; --line: #dde3e6; --ink: #16211f;
  --soft: #51605d; --accent: #0f766e; --accent-ink: #fff; --bad: #b3261e; --edge: #7b8a87;
  --shadow: 0 1px 2px rgb(16 32 30 / 6%), 0 6px 24px rgb(16 32 30 / 6%) }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0e1414; --card: #172020; --line: #2a3636; --ink: #e8efee; --soft: #a3b3b0;
    --accent: #2dd4bf; --accent-ink: #06231f; --bad: #ff9d94; --edge: #6f8380; --shadow: none }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center;
  padding: 1rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  -webkit-text-size-adjust: 100% }
main { width: min(26rem, 100%); padding: 2.25rem; border-radius: 18px; background: var(--card);
  border: 1px solid var(--line); box-shadow: var(--shadow) }
h1 { margin: 0 0 1rem; font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2rem); line-height: 1.2;
  letter-spacing: -.02em }
p { margin: 0; color: var(--soft) }
.brand { display: flex; gap: .6rem; align-items: center; margin: 0 0 1rem; color: var(--ink);
  font-weight: 700; letter-spacing: -.01em }
.logo { width: 30px; height: 30px; flex: none }
form + form { margin-top: 1.5rem; padding-top: .5rem; border-top: 1px solid var(--line) }
label { display: block; margin: 1rem 0 .35rem; font-weight: 600 }
input, button { width: 100%; min-height: 44px; padding: 0 1.1rem; border-radius: 12px; font: inherit }
input { padding: 0 .75rem; border: 1px solid var(--edge); border-radius: 10px;
  background: var(--ground); color: var(--ink) }
button { margin-top: 1rem; border: 1px solid transparent; background: var(--accent);
  color: var(--accent-ink); font-weight: 600; cursor: pointer }
button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 8px }
.hint { margin-top: .75rem; font-size: .875rem }
.problem { margin-bottom: 1rem; color: var(--bad); font-weight: 600 }
`
