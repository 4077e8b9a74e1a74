"""What people write down: the schema of `tandem.yaml`, its reader, and samples."""
