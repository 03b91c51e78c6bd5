/** Keeps the tab's title: the page says its name, the frame how many sessions wait. */
import { useEffect } from "react";
import { create } from "zustand";
import { plain } from "../ui/plain.ts";
import { tabTitle } from "./groups.ts";

interface Title {
  page: string | null;
  waiting: number;
}

const useTitle = create<Title>(() => ({ page: null, waiting: 0 }));

useTitle.subscribe(({ page, waiting }) => {
  document.title = tabTitle(waiting, page);
});

/** Names the page while the component is there. */
export function usePageTitle(page: string | null): void {
  useEffect(() => {
    useTitle.setState({ page: page === null ? null : plain(page, 80) });
    return () => useTitle.setState({ page: null });
  }, [page]);
}

export function useWaitingCount(waiting: number): void {
  useEffect(() => useTitle.setState({ waiting }), [waiting]);
}
