using Swan.MLNet;

namespace Swan.Training;

/// <summary>Keeps other processes out of a run's folder.</summary>
internal static class RunLock
{
    /// <summary>Holds a folder until the result is disposed.</summary>
    /// <exception cref="RunInUseException">Another process trains there.</exception>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public static FileStream Hold(string folder)
    {
        // Held, not just there: a killed process leaves the file behind, but not its lock.
        string path = Path.Combine(folder, SwanRun.LockFile);
        try
        {
            return new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (HeldFile.Is(e))
        {
            throw new RunInUseException(
                $"'{folder}' is in use: another process trains there ('{path}' is locked). Wait for it to end, or choose another folder.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"'{folder}' is not writable, so it can't hold a run: {e.Message} Make it writable, or choose another folder.", e);
        }
    }
}
