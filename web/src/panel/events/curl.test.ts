/** What is copied to a shell must not do anything but what it says. */
import { expect, test } from "vitest";
import { curlEvent, quoted } from "./curl.ts";

test("names the key and fetches the event", () => {
  expect(curlEvent("https://c.example", "ses_1", 42)).toBe(
    `curl -sS -H "Authorization: Bearer $COORDINATOR_API_KEY" 'https://c.example/v1/sessions/ses_1/events?after=41&limit=1'`,
  );
});

test("quotes cannot be left", () => {
  expect(quoted("a'; rm -rf /; '")).toBe(`'a'\\''; rm -rf /; '\\'''`);
  expect(curlEvent("https://c.example", "x';reboot;'", 1)).not.toContain("';reboot");
});
