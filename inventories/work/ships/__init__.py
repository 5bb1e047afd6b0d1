"""Ships: their gaps filled, their calls placed in time, zone and month, their stays cut at the plug."""
