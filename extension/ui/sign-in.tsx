import { usePanel } from "./context.ts";
import { Icon } from "./icons.tsx";

export function SignIn() {
  const { state, texts, gestures } = usePanel();
  return (
    <section class="hero" aria-labelledby="sign-in">
      <span class="badge">
        <Icon name="person" />
      </span>
      <h2 id="sign-in">{texts("sign-in.title")}</h2>
      <p role="status">{texts(state.isSigningIn ? "sign-in.waiting" : "sign-in.text")}</p>
      {state.waiting > 0 && (
        <p class="note warn" data-waiting={state.waiting}>
          {texts("sign-in.kept", { count: state.waiting })}
        </p>
      )}
      {state.signInProblem !== undefined && (
        <p class="error" role="alert">
          {texts(`problem.${state.signInProblem.code}.text`)}
        </p>
      )}
      <button type="button" class="primary" id="sign-in-action" onClick={gestures.signIn}>
        {texts(state.isSigningIn ? "sign-in.again" : "sign-in.action")}
      </button>
    </section>
  );
}

export function WhoIsIn() {
  const { state, texts, gestures } = usePanel();
  const sender = state.signedIn?.sender;
  if (sender === undefined) return null;
  return (
    <div class="who">
      <span class="name">{sender.name}</span>
      <button type="button" class="link" onClick={gestures.signOut}>
        {texts("sign-out.action")}
      </button>
    </div>
  );
}
