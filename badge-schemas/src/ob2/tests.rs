mod examples;
mod issuing;
mod reading;
mod rows;
