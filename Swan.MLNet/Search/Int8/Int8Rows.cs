namespace Swan.MLNet.Search;

/// <summary>Some rows of an <see cref="Int8Part"/>, one after another.</summary>
/// <param name="Part">The part.</param>
/// <param name="First">The first row's number in the part: a multiple of 64.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct Int8Rows(Int8Part Part, int First, int Count);
