/**
 * Up to version 13.0.4 secretlint notes a time for each rule and file, keeps it for ever, and searches all of them at
 * each new one (secretlint/secretlint#1653): in a process that lives long, scans would become slower with each.
 * Later versions need a newer Node than ours; then `setEnabled(false)` says the same.
 */
import { secretLintProfiler } from '@secretlint/profiler';

secretLintProfiler.mark = () => undefined;
