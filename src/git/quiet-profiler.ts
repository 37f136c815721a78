/**
 * Disables secretlint's profiler. Up to version 13.0.4 it records a mark for each rule and file, never removes one, and
 * searches them all at each new mark (secretlint/secretlint#1653), so scans become slower as a process runs.
 * Later versions need a newer Node than Signalbox supports; with those, use `setEnabled(false)`.
 */
import { secretLintProfiler } from '@secretlint/profiler';

secretLintProfiler.mark = () => undefined;
