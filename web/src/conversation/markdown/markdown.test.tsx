// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { TooltipProvider } from "~/ui/index.ts";
import { Markdown } from "./markdown.tsx";

function html(text: string, streaming = false): HTMLElement {
  return render(<Markdown text={text} streaming={streaming} />, { wrapper: TooltipProvider }).container;
}

test("markup in the text is text", () => {
  const page = html(
    '<script>alert(1)</script>\n\n<img src=x onerror="alert(1)"> <b>b</b>\n\n<iframe src="https://e.example"></iframe>\n\n- <svg onload=alert(1)>',
  );
  expect(page.querySelectorAll("script, img, b, iframe, svg")).toHaveLength(0);
  expect(page.textContent).toContain('<img src=x onerror="alert(1)">');
  expect(page.textContent).toContain("<script>alert(1)</script>");
});

test("only http, https and mailto are links, and they let go of the page", () => {
  const page = html(
    "[a](https://a.example/x) [b](javascript:alert(1)) [c](JaVaScRiPt:alert(1)) [d](data:text/html,x) [e](vbscript:x) " +
      "[f](&#106;avascript:alert(1)) [g](mailto:a@b.example) [h](/v1/me) [i](//e.example) [j](https://user:pw@e.example) <javascript:alert(1)> https://b.example",
  );
  const links = [...page.querySelectorAll("a")];
  expect(links.map((link) => link.getAttribute("href"))).toEqual([
    "https://a.example/x",
    "mailto:a@b.example",
    "https://b.example/",
  ]);
  for (const link of links) {
    expect(link.rel).toBe("noopener noreferrer nofollow");
    expect(link.target).toBe("_blank");
  }
  expect(page.textContent).toContain("b c d e f");
});

test("pictures are not loaded: they are links", () => {
  const page = html(
    "![a cat](https://e.example/cat.png) ![x](javascript:alert(1)) [![b](https://e.example/b.png)](https://e.example)",
  );
  expect(page.querySelector("img")).toBeNull();
  expect(page.querySelector("a")?.textContent).toBe("Picture: a cat");
  expect(page.querySelector("a a")).toBeNull();
});

test("direction and control characters are visible", () => {
  const page = html("a\u202egnp.exe\u2066 `c\u202ed`\n\n```\ne\u202ef\n```");
  expect(page.textContent).not.toMatch(/[\u202e\u2066]/);
  expect(page.textContent).toContain("\\u{202e}");
});

test("the usual things look as they should", () => {
  const page = html(
    "# T\n\na **b** *c* ~~d~~ `e` &amp; &copy; &bogus;\n\n1. x\n   - y\n\n- [x] done\n\n| h |\n|--:|\n| v |\n\n> q\n\nl1  \nl2",
  );
  expect(page.querySelector("h2")?.textContent).toBe("T");
  expect(page.querySelector("p")?.textContent).toBe("a b c d e & © &bogus;");
  expect(page.querySelector("ol ul li")?.textContent).toBe("y");
  expect(page.querySelector<HTMLInputElement>("li input")?.checked).toBe(true);
  expect(page.querySelector("td")?.style.textAlign).toBe("right");
  expect(page.querySelector("blockquote")?.textContent).toBe("q");
  expect(page.querySelectorAll("br")).toHaveLength(1);
});

test("a long line is cut and can be had", () => {
  const page = html("x".repeat(200_000));
  expect(page.textContent?.length).toBeLessThan(9000);
  expect(page.querySelector("button")?.textContent).toContain("192,000");
});
