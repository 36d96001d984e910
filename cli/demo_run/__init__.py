"""The demo's players: storefront, locations, carriers, customers, suppliers, and the one who pulls plugs.

Each knows the service by its HTTP contract alone; what they saw and were told goes into the diary, which the
auditor reads at the end.
"""
