namespace PostgresSearch;

/// <summary>The server or the table can't do what was asked; the message says what can.</summary>
internal sealed class PostgresSearchException(string message) : Exception(message);
