namespace Swan.Training.Weights;

/// <summary>What a file of word vectors had for a vocabulary.</summary>
/// <param name="Words">Words of the vocabulary, without <c>&lt;unk&gt;</c>.</param>
/// <param name="Found">How many of them have a vector now.</param>
/// <param name="FoundInAnotherForm">How many of these only without <c>- . '</c> or up to <c>/</c>.</param>
/// <param name="Missing">The words that stay as they were, in the vocabulary's order.</param>
internal sealed record WordVectorReport(int Words, int Found, int FoundInAnotherForm, IReadOnlyList<string> Missing);
