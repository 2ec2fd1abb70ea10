"""The directory agent: reads standings from the service's API and keeps four groups of a directory as they say.

It runs in the district, where the directory is; the service holds no credential of the district's. This package
imports nothing of the service, so its folder can be copied to a machine that has nothing else of ours.
"""
