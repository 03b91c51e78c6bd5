/** "2 min 05 s", "48 s"; null when nothing is left. */
export function remaining(ms: number): string | null {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return null;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")} min`;
}
