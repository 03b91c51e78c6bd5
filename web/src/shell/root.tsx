/** Around every page: tooltips, toasts, nothing that is seen. */
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { TooltipProvider } from "../ui/index.ts";
import { useWaitingToasts } from "../ui/toast.ts";

const Toaster = lazy(() => import("../ui/toaster.tsx").then((part) => ({ default: part.Toaster })));

export function Root() {
  return (
    <TooltipProvider>
      <Outlet />
      <Toasts />
    </TooltipProvider>
  );
}

/** Fetched with the first toast, then there for good. */
function Toasts() {
  const some = useWaitingToasts((state) => state.list.length > 0);
  const wanted = useRef(false);
  wanted.current ||= some;
  return <Suspense fallback={null}>{wanted.current && <Toaster />}</Suspense>;
}
