"""What the Milvus store does beyond the contract, on a real server and on files."""
