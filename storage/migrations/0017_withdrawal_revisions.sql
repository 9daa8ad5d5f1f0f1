-- A withdrawal that is decided anew while an earlier look at it is being carried out is not done by that look.

ALTER TABLE withdrawals ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
