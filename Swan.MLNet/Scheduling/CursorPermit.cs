namespace Swan.MLNet.Scheduling;

/// <summary>The resources of a cursor between its reader's calls; even a forgotten cursor returns them.</summary>
internal sealed class CursorPermit(Permits permits) : Permit(permits)
{
    ~CursorPermit() => Become(0);
}
