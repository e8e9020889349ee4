/** vitest's globalSetup of the jobs: tells them whether `--update` was given. */
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    update: boolean;
  }
}

export default function provideUpdate(project: TestProject): void {
  project.provide('update', project.config.snapshotOptions.updateSnapshot === 'all');
}
