// What a developer does in the sandbox.

/** Types in the app's credentials, and approves as its customer. */
export async function connectSandbox(page, app) {
  await page.goto(`${app.gateway.url}/testapp`);
  await page.getByLabel("Client id").fill(app.id);
  await page.getByLabel("Client secret").fill(app.secret);
  await page.getByRole("button", { name: "Connect a customer" }).click();
  await page.getByRole("heading", { name: /asks to read/ }).waitFor();
  for (const box of await page.locator("input[name=repository], input[name=permission]").all()) {
    await box.check();
  }
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("heading", { name: "Sandbox" }).waitFor();
}
