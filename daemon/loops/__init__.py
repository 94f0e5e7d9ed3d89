"""asyncio, thin: gather, ask the domain, record, act."""
