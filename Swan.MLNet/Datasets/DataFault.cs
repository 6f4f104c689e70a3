using System.Globalization;

namespace Swan.MLNet.Datasets;

/// <summary>One thing that is wrong with a data set.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Line">The line, from 1; 0 where it concerns the file as a whole.</param>
/// <param name="Problem">What was found and what was expected.</param>
public sealed record DataFault(string File, int Line, string Problem)
{
    /// <summary><c>file(line): problem</c>.</summary>
    public override string ToString() => Line > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File}({Line}): {Problem}")
        : File.Length > 0 ? $"{File}: {Problem}" : Problem;
}
