-- Pieces at each location: on hand, promised to orders, and what is left of them.
create view staging.stock_levels as
select location_id, product_id, on_hand, reserved, on_hand - reserved as available from "raw".stock_level
