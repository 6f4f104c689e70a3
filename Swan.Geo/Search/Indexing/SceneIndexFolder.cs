namespace Swan.Geo.Search;

/// <summary>Where the parts of an index of scenes lie.</summary>
/// <param name="Path">Its folder.</param>
internal sealed record SceneIndexFolder(string Path)
{
    private const string RowsName = "rows";

    /// <summary>A living index of windows.</summary>
    public string Rows => System.IO.Path.Combine(Path, RowsName);

    /// <summary>The list of scenes.</summary>
    public string List => System.IO.Path.Combine(Path, SceneList.FileName);

    public bool Exists => File.Exists(List);
}
