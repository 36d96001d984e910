"""When a parcel leaves, and when it arrives."""
