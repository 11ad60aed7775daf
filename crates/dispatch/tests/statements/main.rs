//! What people are paid: stories of an office that pays its months, and laws that hold for every month.

mod adjustments;
mod laws;
mod month;
mod pay;
mod payroll;
