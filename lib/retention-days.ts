/** The days that CloudWatch Logs can keep a log for, up to two years. */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
] as const
