using Microsoft.Extensions.Logging;

namespace Swan.Testing;

public sealed record LogEntry(string Category, LogLevel Level, int Id, string Message, Exception? Fault);
