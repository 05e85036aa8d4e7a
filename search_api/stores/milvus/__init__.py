"""The Milvus store: a server, or a file of milvus-lite, through one client."""
