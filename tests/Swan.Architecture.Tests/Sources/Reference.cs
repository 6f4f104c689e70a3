namespace Swan.Architecture.Tests.Sources;

/// <summary>A place where a type uses another one of the same project.</summary>
/// <param name="From">The type that uses.</param>
/// <param name="FromFile">The full path of the file that uses.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="To">The type that is used.</param>
/// <param name="ToFile">The full path of the file that declares what is used.</param>
internal sealed record Reference(string From, string FromFile, int Line, string To, string ToFile)
{
    public override string ToString() =>
        $"{From} ({RepositoryFiles.Relative(FromFile)}:{Line}) uses {To} ({RepositoryFiles.Relative(ToFile)})";
}
