"""What the product costs in time: measured from outside, beside a relay that does nothing but pass bytes on."""
