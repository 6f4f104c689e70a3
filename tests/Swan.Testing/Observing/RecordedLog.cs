using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Swan.Testing;

/// <summary>Keeps what is logged, for assertions.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public LogEntry[] Entries => [.. _entries];

    public LogEntry[] Of(int id) => [.. _entries.Where(e => e.Id == id)];

    public ILogger CreateLogger(string categoryName) => new Writer(_entries, categoryName);

    public ILogger<T> For<T>() => new Writer<T>(_entries);

    public void Dispose()
    {
    }

    private class Writer(ConcurrentQueue<LogEntry> entries, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, formatter(state, exception), exception));
    }

    private sealed class Writer<T>(ConcurrentQueue<LogEntry> entries) : Writer(entries, typeof(T).FullName!), ILogger<T>;
}
