// Asks devices for passkeys (WebAuthn Level 3), and sends what they answer with
// the form around the button. Without this script the password works as before.
(() => {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (it) => it.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (it) => String.fromCharCode(it)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  // `id,transport,…` for each passkey, separated by spaces.
  const described = (known) =>
    known.split(" ").filter(Boolean).map((it) => {
      const [id, ...transports] = it.split(",");
      return { type: "public-key", id: bytes(id), transports };
    });

  const MINUTES = 5 * 60_000;

  const made = async ({ challenge, party, known, user, email, name }) => {
    const { response } = await navigator.credentials.create({
      publicKey: {
        rp: { id: party, name: "Gitlodge" },
        user: { id: bytes(user), name: email, displayName: name },
        challenge: bytes(challenge),
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
        timeout: MINUTES,
        excludeCredentials: described(known),
        authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
        attestation: "none",
      },
    });
    return {
      client_data: text(response.clientDataJSON),
      attestation: text(response.attestationObject),
      transports: (response.getTransports?.() ?? []).join(","),
    };
  };

  const answered = async (challenge, party, known, userVerification) => {
    const { rawId, response } = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(challenge), rpId: party, timeout: MINUTES, userVerification,
        allowCredentials: described(known),
      },
    });
    return {
      credential: text(rawId),
      client_data: text(response.clientDataJSON),
      authenticator_data: text(response.authenticatorData),
      signature: text(response.signature),
      user_handle: response.userHandle ? text(response.userHandle) : "",
    };
  };

  // The page may be old: this question is asked when somebody wants it.
  const found = async () => {
    const answer = await fetch("/v1/account/login/passkey/options", { method: "POST" });
    if (!answer.ok) throw new Error("the gateway did not answer");
    const { ticket, publicKey: asked } = await answer.json();
    return { ticket, ...await answered(asked.challenge, asked.rpId, "", asked.userVerification) };
  };

  const ask = ({ dataset }) => {
    switch (dataset.passkey) {
      case "create": return made(dataset);
      case "get": return answered(dataset.challenge, dataset.party, dataset.known, "preferred");
      default: return found();
    }
  };

  const told = (error) => {
    if (error?.name === "InvalidStateError") return "This device has a passkey for your account already.";
    if (error?.name === "NotAllowedError") return "Your device did not answer, or you said no. You can try again.";
    if (error?.name === "SecurityError") return "This page is not under the address that the passkeys are for.";
    return "That did not work. You can try again, or use another way.";
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const problem = document.querySelector("[data-passkey-problem]");
    const button = form.querySelector("button[type=submit]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      problem.hidden = true;
      try {
        for (const [name, value] of Object.entries(await ask(form))) form.elements[name].value = value;
        form.submit();
      } catch (error) {
        problem.textContent = told(error);
        problem.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
