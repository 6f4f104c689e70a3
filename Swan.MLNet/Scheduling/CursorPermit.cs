namespace Swan.MLNet.Scheduling;

/// <summary>What a cursor holds between its reader's calls: a cursor that is forgotten instead of disposed gives it back as well.</summary>
internal sealed class CursorPermit(Permits permits) : Permit(permits)
{
    ~CursorPermit() => Become(0);
}
