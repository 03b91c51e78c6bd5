/** Keeps a fault of one part to that part: the rest of the page goes on. */
import { Component, type ReactNode } from "react";
import { Button, ErrorNote } from "../ui/index.ts";

interface Props {
  /** What failed, when it fails: a new value tries anew. */
  resetKey: string;
  children: ReactNode;
}

interface State {
  error: unknown;
}

export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="p-4">
        <ErrorNote
          error={error}
          action={
            <>
              <Button size="small" onClick={() => this.setState({ error: null })}>
                Try again
              </Button>
              <Button size="small" onClick={() => location.reload()}>
                Reload the page
              </Button>
            </>
          }
        />
      </div>
    );
  }
}
