/** The first session without a mouse: everything can be reached, and one always sees where one is. */
import { AGENT_MS, done, log, sessionOf, signIn } from "./support/app.ts";
import { expect, test } from "./support/journey.ts";
import { Keys } from "./support/keys.ts";

test("keyboard only", async ({ page, person, git, shot }) => {
  const keys = new Keys(page);
  await signIn(page, person.link);

  await test.step("a new session on a repository", async () => {
    await keys.to(/^What is to be done/);
    await keys.type("run: cat README.md\nslow: 30");
    await keys.to(/^Repository/);
    await keys.type(git.sample);
    await expect(page.getByText("Detected")).toBeVisible({ timeout: AGENT_MS });
    await keys.to(/Why: 3 reasons/);
    await keys.press("Enter");
    await expect(page.getByText("package-lock.json").first()).toBeVisible();
    await keys.to(/^Nothing: the agent sets up/);
    await keys.press("Enter");
    await expect(page.getByRole("option", { name: /^Nothing: the agent/ })).toBeFocused();
    await keys.press("ArrowDown");
    await expect(page.getByRole("option", { name: /^These commands/ })).toBeFocused();
    await keys.press("Enter");
    // The focus goes back when the list has closed.
    await expect(page.getByRole("combobox", { name: "Set-up" })).toBeFocused();
    await keys.to(/^Set-up commands/);
    await expect(page.getByRole("textbox", { name: "Set-up commands" })).toHaveValue(/npm ci/);
    await keys.press("Control+a");
    await keys.type("node --version");
    await keys.to(/^Model:/);
    await keys.press("Enter");
    await expect(page.getByRole("combobox", { name: "Search: Model" })).toBeFocused();
    await keys.type("demo");
    await expect(page.getByRole("option")).toHaveCount(1);
    await keys.press("Enter");
    await expect(page.getByRole("button", { name: /^Model: Demo/ })).toBeVisible();
    await keys.to(/^Work without asking/);
    await keys.press("ArrowRight");
    await expect(page.getByRole("radio", { name: /Ask first/ })).toBeChecked();
    await keys.to(/^Start session/);
    await shot(page, "form");
    await keys.press("Enter");
    await sessionOf(page);
  });

  await test.step("a permission is answered", async () => {
    const asked = log(page).getByRole("region", { name: "Permission" });
    await expect(asked).toBeVisible({ timeout: AGENT_MS });
    await keys.to(/^Allow once/);
    await shot(page, "permission");
    await keys.press("Enter");
    await expect(log(page).getByText(/^You allowed once: .*cat README.md/)).toBeVisible();
    await done(page, 1);
  });

  await test.step("the command's card is opened", async () => {
    await keys.to(/^Ran/, "Shift+Tab");
    await keys.press("Enter");
    await expect(log(page).getByRole("group", { name: "Output" })).toContainText("Adds two numbers.");
    await shot(page, "card");
  });

  await test.step("a second prompt, from wherever one is", async () => {
    await keys.press("/");
    await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
    await keys.type("edit: README.md=Adds two numbers.=>Adds two numbers by keyboard.");
    await keys.press("Enter");
    await expect(log(page).getByRole("region", { name: "Permission" })).toBeVisible();
    await keys.to(/^Conversation/, "Shift+Tab");
    await keys.press("y");
    await done(page, 2);
  });

  await test.step("the change is read", async () => {
    await keys.to(/^(Changes|Terminal|Plan|Details)/);
    await keys.press("Home");
    const changes = page.getByRole("tabpanel", { name: "Changes" });
    await expect(changes.getByText("Adds two numbers by keyboard.")).toBeVisible();
    await keys.to(/^README\.md/);
    await keys.press("Enter");
    await expect(changes.getByText("Adds two numbers by keyboard.")).toHaveCount(0);
    await keys.press("Enter");
    await expect(changes.getByText("Adds two numbers by keyboard.")).toBeVisible();
    await shot(page, "changes");
    await keys.press("]");
    await expect(changes).toHaveCount(0);
    await keys.press("]");
    await expect(changes).toBeVisible();
  });

  await test.step("the shortcuts are listed", async () => {
    await keys.press("?");
    const sheet = page.getByRole("dialog", { name: /shortcuts/i });
    await expect(sheet.getByText("Stop the turn")).toHaveCount(0);
    await expect(sheet.getByText("New session")).toBeVisible();
    await shot(page, "shortcuts");
    await keys.press("Escape");
    await expect(sheet).toHaveCount(0);
  });

  await test.step("the rail, and back", async () => {
    await keys.press("n");
    await expect(page.getByRole("heading", { name: "New session" })).toBeVisible();
    await keys.to(/^Attach files/);
    await keys.press("j");
    await expect(page.getByRole("navigation", { name: "Sessions" }).getByRole("link")).toBeFocused();
    await keys.press("Enter");
    await expect(log(page)).toBeVisible();
  });
});
