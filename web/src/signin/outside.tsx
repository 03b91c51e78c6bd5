/** The page of somebody who is not signed in: one narrow column, what it is for on top. */
import type { ReactNode } from "react";
import { usePageTitle } from "../shell/title.ts";

export interface OutsideProps {
  title: string;
  /** A sentence below it. */
  about?: ReactNode;
  children: ReactNode;
}

export function Outside({ title, about, children }: OutsideProps) {
  usePageTitle(title);
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-4 pt-[14vh] pb-10">
      <div className="w-full max-w-90">
        <p className="text-small font-medium text-muted">agent-coordinator</p>
        <h1 className="mt-0.5 text-[22px] leading-7 font-semibold text-balance">{title}</h1>
        {about && <p className="mt-1.5 text-pretty text-muted">{about}</p>}
        <div className="mt-5 flex flex-col gap-4">{children}</div>
      </div>
    </main>
  );
}

/** Small print below a form: other ways to go on. */
export function Aside({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5 text-small text-muted pointer-coarse:gap-3.5 pointer-coarse:text-base">
      {children}
    </div>
  );
}

/** The look of a link within a sentence. */
export const LINK = "text-accent underline underline-offset-2 hover:no-underline";
