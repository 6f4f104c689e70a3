namespace Swan.Batch.Output;

/// <summary>A line of a shard's bad rows.</summary>
/// <param name="Row">Its number in the list.</param>
/// <param name="Image">Its path.</param>
/// <param name="Reason">One word, to count by.</param>
/// <param name="Message">What happened.</param>
internal sealed record BadRow(long Row, string Image, string Reason, string Message);
