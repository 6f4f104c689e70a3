namespace Swan.Training;

/// <summary>A run's folder, made where there is none, and taken away again where nothing was written to it.</summary>
internal sealed class BegunFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _isNew;

    public BegunFolder(string path)
    {
        (_path, _isNew) = (path, !Directory.Exists(path));
        Directory.CreateDirectory(path);
    }

    public void Dispose()
    {
        if (_isNew && !Directory.EnumerateFileSystemEntries(_path).Any()) Directory.Delete(_path);
    }
}
