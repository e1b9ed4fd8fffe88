-- Addresses that lead to nobody are forgotten: the day after, by age.
CREATE INDEX addresses_of_nobody ON addresses (checked_at) WHERE user_id IS NULL;
