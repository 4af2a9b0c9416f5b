// The two filter passes over a batch of payloads. A slot is one stretch of memory that holds everything about a batch: the
// table of payloads, the table of slices, the bytes, and what the passes found. SLICE, ROW and UNIT come from the build.

#define NONE 0xFFFFFFFFu
#define HEADER 8

// One work item for each slice of a payload: the first position in it at which a window of a literal may stand.
// A class is (mask of the window, first word of its bitmap, shift of the hash, bytes of the window).
__kernel void find_literals(
    __global uchar *slot,
    uint slices_at,
    uint first_at,
    uint slice_count,
    __global const ulong4 *classes,
    uint class_count,
    __global const uint *bitmaps)
{
    uint s = (uint)get_global_id(0);
    if (s >= slice_count)
    {
        return;
    }

    uint2 slice = ((__global const uint2 *)(slot + slices_at))[s];
    uint end = slice.y;
    uint first = NONE;
    uint stop = min(slice.x + SLICE, end);
    for (uint c = 0; c < class_count; ++c)
    {
        ulong4 kind = classes[c];
        __global const uint *bitmap = bitmaps + kind.y;
        uint width = (uint)kind.w;

        // A window must lie in the payload. What is read behind it, up to eight bytes from the last position, is masked away.
        uint last = min(stop, end + 1 > width ? end + 1 - width : 0);
        ulong window = 0;
        for (uint k = 0; k < 7; ++k)
        {
            window |= (ulong)slot[slice.x + k] << (8 * k + 8);
        }

        for (uint at = slice.x; at < last; ++at)
        {
            window = window >> 8 | (ulong)slot[at + 7] << 56;
            ulong product = (window & kind.x) * 0x9E3779B97F4A7C15UL;
            uint hash = (uint)(product >> kind.z);
            if (bitmap[hash >> 5] >> (hash & 31) & 1)
            {
                hash = (uint)(((product ^ product >> 32) * 0xC2B2AE3D27D4EB4FUL) >> kind.z);
                if (bitmap[hash >> 5] >> (hash & 31) & 1)
                {
                    // The classes that follow only look for something earlier.
                    first = at;
                    stop = at;
                    break;
                }
            }
        }
    }

    ((__global uint *)(slot + first_at))[s] = first;
}

// What one work item has found: the lists of rules to be searched for, each once; more than fit are only counted.
typedef struct
{
    uint count;
    uint last;
    uint lists[ROW - 1];
} Found;

static void note(Found *found, uint list)
{
    // An automaton often accepts the same at byte after byte.
    if (list == found->last)
    {
        return;
    }

    found->last = list;
    for (uint k = 0; k < min(found->count, (uint)(ROW - 1)); ++k)
    {
        if (found->lists[k] == list)
        {
            return;
        }
    }

    if (found->count < ROW - 1)
    {
        found->lists[found->count] = list;
    }

    found->count = min(found->count + 1, (uint)ROW);
}

#define STEP(column) \
    { \
        uint entry = table[row + (column)]; \
        if (entry >> 16) \
        { \
            note(&found, first_list + (entry >> 16) - 1); \
        } \
        row = (entry & 0xFFFF) * UNIT; \
    }

// One work item for each payload and lane: it runs the automata of the lane over the whole payload, one after the other.
// An automaton's header is (class map, table, row of the start, column of the last newline or NONE, column of the edge,
// number of its first list). An entry holds the place of the next row in units of UNIT entries, and above it one more
// than the list of the rules that matched, or 0.
__kernel void wake_rules(
    __global uchar *slot,
    uint payloads_at,
    uint rows_at,
    uint payload_count,
    uint lane_count,
    __global const uint *headers,
    uint automaton_count,
    __global const uchar *maps,
    __global const uint *tables)
{
    uint p = (uint)get_global_id(0);
    uint lane = (uint)get_global_id(1);
    if (p >= payload_count)
    {
        return;
    }

    uint2 payload = ((__global const uint2 *)(slot + payloads_at))[p];
    __global const uchar *bytes = slot + payload.x;
    Found found;
    found.count = 0;
    found.last = NONE;
    for (uint a = lane; a < automaton_count; a += lane_count)
    {
        __global const uint *header = headers + a * HEADER;
        __global const uchar *map = maps + header[0];
        __global const uint *table = tables + header[1];
        uint first_list = header[5];
        uint row = header[2];
        bool newline = header[3] != NONE && payload.y != 0 && bytes[payload.y - 1] == '\n';
        uint stop = payload.y - (newline ? 1 : 0);

        // Row 0 is the dead state: nothing is accepted there any more.
        for (uint i = 0; i < stop && row != 0 && found.count < ROW; ++i)
        {
            STEP(map[bytes[i]])
        }

        if (newline)
        {
            STEP(header[3])
        }

        STEP(header[4])
    }

    __global uint *out = (__global uint *)(slot + rows_at) + (lane * payload_count + p) * ROW;
    out[0] = found.count;
    for (uint k = 0; k < min(found.count, (uint)(ROW - 1)); ++k)
    {
        out[1 + k] = found.lists[k];
    }
}
