"""What is computed: variants, shares and masses by year, and the outlook that holds them."""
